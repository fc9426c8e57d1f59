import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { magicNumbersQuery } from "../../api/magic-numbers";
import { useWorkspace } from "../../api/workspace";
import { PhoneNumber } from "../../domain/number";
import { providerName } from "../../domain/provider";
import { Button } from "../../ui/button";
import { Skeleton } from "../../ui/state";
import { LoadError } from "./load-error";
import { codeAt } from "./model";

/** Recipients whose messages always meet the same fate; one press puts such a number into the form. */
export function MagicNumbers({ onUse }: { onUse: (number: string) => void }) {
  const { t } = useTranslation("overview");
  const { t: word } = useTranslation("domain");
  const { id, whatsapp_provider: provider } = useWorkspace();
  const numbers = useQuery(magicNumbersQuery(id));
  if (numbers.isPending) {
    return <Skeleton lines={12} />;
  }
  if (numbers.isError) {
    return <LoadError query={numbers} />;
  }
  return (
    <div className="grid gap-2">
      <p className="text-ink-soft text-sm">{t("magic.why", { provider: providerName(provider, word) })}</p>
      <ul className="grid divide-y divide-line border-line border-y text-sm">
        {numbers.data.map((magic) => {
          const code = codeAt(provider, magic);
          return (
            <li key={magic.number} className="flex items-start gap-3 py-2">
              <div className="grid grow gap-x-4 gap-y-0.5 @md:grid-cols-[9rem_minmax(0,1fr)]">
                <p className="font-medium">
                  <PhoneNumber value={magic.number} />
                </p>
                <div className="grid gap-0.5">
                  {/* The API tells it in English only. */}
                  <p lang="en">{magic.description}</p>
                  {code === undefined ? null : <p className="text-ink-soft text-xs">{t("magic.code", { code })}</p>}
                </div>
              </div>
              <Button
                size="small"
                aria-label={t("magic.useNamed", { number: magic.number })}
                onClick={() => onUse(magic.number)}
              >
                {t("magic.use")}
              </Button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
