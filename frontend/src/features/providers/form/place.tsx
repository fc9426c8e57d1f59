import { ExternalLink } from "lucide-react";
import type { Place } from "../../../api/schema.gen";
import { GuideLink } from "./guide-link";

/** What a field is for, where in the provider's console its value stands, and the way to the guide. */
export function HelpWithPlace({
  help,
  place,
  field,
}: {
  help: string;
  place: Place | null | undefined;
  field: string;
}) {
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
      ) : null}{" "}
      <GuideLink field={field} />
    </>
  );
}
