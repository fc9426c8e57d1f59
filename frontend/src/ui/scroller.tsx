import clsx from "clsx";
import { type ReactNode, useEffect, useRef, useState } from "react";

/** A box whose content scrolls within it. Only when there is something to scroll can the keyboard stop at it. */
export function Scroller({
  label,
  className,
  children,
}: {
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const check = () =>
      setScrolls(element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight);
    const observer = new ResizeObserver(check);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);

  const stop = scrolls ? { tabIndex: 0, role: "group", "aria-label": label } : {};
  return (
    <div ref={box} {...stop} className={clsx("overflow-auto focus-visible:-outline-offset-2", className)}>
      {children}
    </div>
  );
}
