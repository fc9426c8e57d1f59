import { type ReactNode, useCallback, useState } from "react";
import { UnderWayProvider } from "../../ui/under-way";
import type { ComposeValues } from "./values";

type Kind = ComposeValues["kind"];

/** The kinds of message whose files are on their way, one entry for each file. */
export function useUploads() {
  const [uploading, setUploading] = useState<readonly Kind[]>([]);
  const begin = useCallback((kind: Kind) => {
    setUploading((kinds) => [...kinds, kind]);
    return () =>
      setUploading((kinds) => {
        const ended = kinds.indexOf(kind);
        return kinds.filter((_, n) => n !== ended);
      });
  }, []);
  return { uploading, begin };
}

/** Says of which kind of message the files are that are uploaded in here. */
export function Uploads({ of, begin, children }: { of: Kind; begin: (kind: Kind) => () => void; children: ReactNode }) {
  return <UnderWayProvider begin={useCallback(() => begin(of), [begin, of])}>{children}</UnderWayProvider>;
}
