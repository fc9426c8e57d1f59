import { ExternalLink } from "lucide-react";
import type { Place } from "../../../api/schema.gen";

/** What a field is for, and where in the provider's console its value stands. */
export function HelpWithPlace({ help, place }: { help: string; place: Place | null | undefined }) {
  return (
    <>
      {help}
      {place ? (
        <>
          {" "}
          <a href={place.url} target="_blank" rel="noreferrer" className="link">
            {place.path.replaceAll(" > ", " › ")}
            <ExternalLink aria-hidden className="ms-1 inline size-3 align-[-1px]" />
          </a>
        </>
      ) : null}
    </>
  );
}
