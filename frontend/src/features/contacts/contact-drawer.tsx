import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery } from "../../api/contacts";
import { asProblem } from "../../api/problem";
import type { ContactDetail, Suppression } from "../../api/schema.gen";
import { useWorkspace } from "../../api/workspace";
import { FailedLoad } from "../../domain/failed-load";
import { PhoneNumber } from "../../domain/number";
import { Button } from "../../ui/button";
import { Drawer } from "../../ui/dialog";
import { type Fact, Facts } from "../../ui/facts";
import { EmptyState, Skeleton } from "../../ui/state";
import { ContactZone } from "./contact-zone";
import { LiftDialog } from "./lift-dialog";
import { Said, Scope, Since } from "./suppression-table";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One person: under which names they are known, what they want no messages of, and what time it is where they are. */
export function ContactDrawer({ contact: named, onClose }: { contact: string | undefined; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const workspace = useWorkspace();
  const id = named !== undefined && UUID.test(named) ? named : undefined;
  const query = useQuery({ ...contactQuery(workspace.id, id ?? ""), enabled: id !== undefined });
  const contact = query.data;
  const code = query.error ? asProblem(query.error).code : undefined;
  return (
    <Drawer
      open={named !== undefined}
      onClose={onClose}
      title={(contact && (contact.name ?? addressOf(contact))) ?? t("contact.title")}
    >
      {contact ? (
        <Loaded contact={contact} />
      ) : id === undefined || code === "not_found" ? (
        <EmptyState title={t("contact.goneTitle")}>{t("contact.gone")}</EmptyState>
      ) : query.error ? (
        <FailedLoad title={t("contact.failed")} problem={asProblem(query.error)} query={query} />
      ) : (
        <Skeleton lines={12} />
      )}
    </Drawer>
  );
}

/** How to write to the person. */
function addressOf({ identities }: ContactDetail): string | undefined {
  const current = identities.filter(({ retired_at }) => !retired_at);
  return (current.find(({ kind }) => kind === "phone") ?? current[0])?.value;
}

function Loaded({ contact }: { contact: ContactDetail }) {
  const { t } = useTranslation("contacts");
  const workspace = useWorkspace();
  const [lifting, setLifting] = useState<Suppression>();
  const address = addressOf(contact);
  const facts: Fact[] = contact.identities.map(({ kind, value, retired_at }) => ({
    label: t(`contact.identity.${kind}`),
    value: (
      <>
        <PhoneNumber value={value} />
        {retired_at ? <span className="text-ink-soft"> ({t("contact.retired")})</span> : null}
      </>
    ),
  }));
  if (contact.username) {
    facts.push({ label: t("contact.username"), value: contact.username });
  }
  return (
    <div className="grid gap-6">
      <Identities facts={facts} />
      <section aria-label={t("contact.suppressions")} className="grid gap-2">
        <h3 className="font-semibold text-sm">{t("contact.suppressions")}</h3>
        {contact.suppressions.length === 0 ? (
          <p className="text-ink-soft text-sm">{t("contact.noSuppressions")}</p>
        ) : (
          <ul className="divide-y divide-line rounded-md border border-line">
            {contact.suppressions.map((suppression) => (
              <li key={suppression.scope} className="flex items-start justify-between gap-4 px-3 py-2 text-sm">
                <span className="grid flex-1 gap-0.5">
                  <Scope of={suppression} />
                  <span className="text-ink-soft text-xs">
                    <Said of={suppression} />
                  </span>
                  <span className="text-ink-soft text-xs">
                    <Since of={suppression} labelled />
                  </span>
                </span>
                {workspace.can("messages:write") && address && !suppression.lifted_at ? (
                  <Button
                    size="small"
                    aria-label={t("lift.scopeNamed", { scope: t(`scope.${suppression.scope}`) })}
                    onClick={() => setLifting(suppression)}
                  >
                    {t("lift.lift")}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        )}
      </section>
      <ContactZone key={contact.id} contact={contact} />
      {address?.startsWith("+") ? (
        <p>
          <Link
            to="/w/$workspace/messages"
            params={{ workspace: workspace.id }}
            search={{ person: address }}
            className="link inline-block py-0.5 text-sm"
          >
            {t("contact.messages")}
          </Link>
        </p>
      ) : null}
      {lifting && address ? (
        <LiftDialog
          suppression={{ ...lifting, person: address, name: contact.name ?? null }}
          onClose={() => setLifting(undefined)}
        />
      ) : null}
    </div>
  );
}

/** Several names of one kind stand under each other. */
function Identities({ facts }: { facts: readonly Fact[] }) {
  const byLabel = new Map<string, Fact[]>();
  for (const fact of facts) {
    byLabel.set(fact.label, [...(byLabel.get(fact.label) ?? []), fact]);
  }
  return (
    <Facts
      items={[...byLabel].map(([label, some]) => ({
        label,
        value: (
          <ul className="grid gap-0.5">
            {some.map((fact, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names of one person never change places.
              <li key={place}>{fact.value}</li>
            ))}
          </ul>
        ),
      }))}
    />
  );
}
