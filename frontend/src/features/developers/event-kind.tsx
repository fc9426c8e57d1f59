import type { EventKind } from "../../api/schema.gen";
import { Badge } from "../../ui/badge";
import type { Tone } from "../../ui/tone";

/** Only what somebody may have to look at has a colour. */
const tones: Partial<Record<EventKind, Tone>> = {
  "message.failed": "bad",
  "message.unknown": "warn",
  "message.unknown_given_up": "warn",
  "message.held": "warn",
  "message.expired": "warn",
  "message.doubled": "warn",
  "message.contradicted": "warn",
  "message.media_failed": "warn",
  "channel.held": "warn",
  "channel.circuit_opened": "warn",
  "contact.identity_changed": "warn",
  "account.restricted": "bad",
  "account.disabled": "bad",
  "account.alert": "warn",
  "alert.raised": "warn",
};

/** The word by which programs know an entry. It is not translated: it stands in their code. */
export function EventKindName({ kind }: { kind: EventKind }) {
  const tone = tones[kind];
  return tone ? (
    <Badge tone={tone}>
      <code className="font-mono">{kind}</code>
    </Badge>
  ) : (
    <code className="font-mono text-xs">{kind}</code>
  );
}
