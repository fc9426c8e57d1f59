import { useTranslation } from "react-i18next";
import type { FailoverMode } from "../api/schema.gen";
import { inOrder } from "../lib/in-order";
import { RadioCards } from "../ui/radio-cards";

const order: Record<FailoverMode, number> = { off: 1, manual: 2, automatic: 3 };
const modes = inOrder(order);

/** When messages go by the other provider. */
export function FailoverModeCards({
  value,
  onChange,
  disabled = false,
}: {
  value: FailoverMode;
  onChange: (mode: FailoverMode) => void;
  disabled?: boolean | undefined;
}) {
  const { t } = useTranslation("delivery-settings");
  return (
    <RadioCards
      legend={t("failover.legend")}
      name="failover"
      value={value}
      onChange={onChange}
      disabled={disabled}
      columns={3}
      options={modes.map((mode) => ({
        value: mode,
        label: t(`failover.${mode}.label`),
        description: t(`failover.${mode}.text`),
      }))}
    />
  );
}
