import { Link } from "@tanstack/react-router";
import { CircleCheck, ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ChannelView, FieldDescriptor, Place, Provider } from "../../../api/schema.gen";
import { useWorkspace } from "../../../api/workspace";
import { CopyValue } from "../form/copy-value";
import { isInput } from "../form/descriptors";
import { anchorOf, type GuideStep, guides } from "../guide";

/** The numbered way to a proven round trip. With a channel, what is to be copied to the provider stands in its step. */
export function GuideSteps({ provider, channel }: { provider: Provider; channel: ChannelView | undefined }) {
  return (
    <ol className="divide-y divide-line">
      {guides[provider.id].steps.map((step, at) => (
        <StepRow key={step.key} step={step} number={at + 1} provider={provider} channel={channel} />
      ))}
    </ol>
  );
}

function StepRow({
  step,
  number,
  provider,
  channel,
}: {
  step: GuideStep;
  number: number;
  provider: Provider;
  channel: ChannelView | undefined;
}) {
  const { t } = useTranslation("guides");
  const workspace = useWorkspace();
  const names: readonly string[] = step.fields;
  const fields = provider.form.filter((field) => names.includes(field.name));
  return (
    <li id={anchorOf(step)} className="flex scroll-mt-4 gap-3 px-4 py-4 text-sm target:bg-accent-soft">
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full border border-line bg-sunken font-medium text-xs"
      >
        {number}
      </span>
      <div className="grid min-w-0 flex-1 gap-2">
        <h3 className="font-semibold">{t(`${step.key}.title`)}</h3>
        <p className="max-w-prose">{t(`${step.key}.text`)}</p>
        {placesOf(fields).map((place) => (
          <p key={place.path}>
            <a href={place.url} target="_blank" rel="noreferrer" className="link inline-block py-0.5">
              {t("open", { place: place.path.replaceAll(" > ", " › ") })}
              <ExternalLink aria-hidden className="ms-1 inline size-3 align-[-1px]" />
            </a>
          </p>
        ))}
        {fields.filter(isInput).map((field) => (
          <p key={field.name} className="text-ink-soft">
            {t("fills", { field: field.label })}
          </p>
        ))}
        {fields.map((field) =>
          field.kind === "copy" ? (
            <div key={field.name} className="max-w-xl">
              <CopyValue field={field} channel={channel} />
            </div>
          ) : null,
        )}
        {"atChannel" in step && channel ? (
          <p>
            <Link
              to="/w/$workspace/channels/$channel"
              params={{ workspace: workspace.id, channel: channel.id }}
              className="link inline-block py-0.5"
            >
              {t("toChannel", { channel: channel.name })}
            </Link>
          </p>
        ) : null}
        <p className="flex items-start gap-1.5 text-ink-soft">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
          {t(`${step.key}.proof`)}
        </p>
      </div>
    </li>
  );
}

/** Where the step's values stand at the provider, each place once. */
function placesOf(fields: readonly FieldDescriptor[]): Place[] {
  const places = new Map<string, Place>();
  for (const field of fields) {
    const place = field.kind === "switch" ? undefined : field.where_to_find;
    if (place) {
      places.set(place.path, place);
    }
  }
  return [...places.values()];
}
