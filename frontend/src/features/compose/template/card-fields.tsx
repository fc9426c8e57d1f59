import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Capabilities } from "../../../api/schema.gen";
import type { ComposeValues } from "../values";
import { ButtonFields } from "./button-fields";
import { HeaderFields } from "./header-fields";
import { Row, RowGroup } from "./row-group";
import { emptyHeader } from "./template-values";
import { BodyFields } from "./value-fields";

/** The values of a carousel's cards. */
export function CardFields({ named, limits }: { named: boolean; limits: Capabilities["templates"] | undefined }) {
  const { t } = useTranslation("compose");
  const { control } = useFormContext<ComposeValues>();
  const { fields, append, remove } = useFieldArray({ control, name: "template.cards" });
  const most = limits?.max_cards.value;
  return (
    <RowGroup
      legend={t("template.cards")}
      help={t("template.cardsHelp")}
      add={t("template.addCard")}
      full={most !== undefined && fields.length >= most}
      onAdd={() => append({ header: emptyHeader("image"), body: [], buttons: [] })}
    >
      {fields.map(({ id }, n) => (
        <Row key={id} remove={t("template.removeCard", { n: n + 1 })} onRemove={() => remove(n)} stacked>
          <h3 className="font-medium text-sm">{t("template.card", { n: n + 1 })}</h3>
          <HeaderFields at={`template.cards.${n}`} named={named} />
          <BodyFields at={`template.cards.${n}`} named={named} most={limits?.max_variables.value} />
          <ButtonFields at={`template.cards.${n}`} most={limits?.max_buttons.value} />
        </Row>
      ))}
    </RowGroup>
  );
}
