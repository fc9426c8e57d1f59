import { useTranslation } from "react-i18next";
import type { TemplateCard } from "../../../api/schema.gen";
import { ButtonList } from "./button-list";
import { nextCard } from "./definition";
import type { FaultAt } from "./fault-at";
import { HeaderFields } from "./header-fields";
import { Rows } from "./rows";
import { TextFields } from "./text-fields";

/** The cards of a carousel. */
export function CardList({
  cards,
  faultAt,
  onChange,
}: {
  cards: readonly TemplateCard[];
  faultAt: FaultAt;
  onChange: (cards: TemplateCard[]) => void;
}) {
  const { t } = useTranslation("templates");
  return (
    <Rows
      legend={t("editor.cards")}
      error={faultAt("cards")}
      add={t("editor.addCard")}
      remove={(n) => t("editor.removeCard", { n: n + 1 })}
      rows={cards}
      fresh={() => nextCard(cards)}
      onChange={onChange}
    >
      {(card, n, change) => (
        <>
          <h3 className="font-medium text-sm">{t("editor.card", { n: n + 1 })}</h3>
          <HeaderFields
            at={`cards[${n}].header`}
            value={card.header}
            faultAt={(field) => faultAt(field) ?? (field === `cards[${n}].header` ? faultAt(`cards[${n}]`) : undefined)}
            onChange={(header) => header && change({ ...card, header })}
          />
          <TextFields
            label={t("editor.body")}
            at={`cards[${n}].body`}
            value={card.body ?? { text: "" }}
            faultAt={faultAt}
            long
            onChange={(body) => change({ ...card, body })}
          />
          <ButtonList
            at={`cards[${n}].buttons`}
            buttons={card.buttons ?? []}
            faultAt={faultAt}
            onChange={(buttons) => change({ ...card, buttons })}
          />
        </>
      )}
    </Rows>
  );
}
