import clsx from "clsx";
import {
  Copy,
  FileText,
  Image,
  Link2,
  List,
  type LucideIcon,
  MapPin,
  Mic,
  Phone,
  Reply,
  Sticker,
  Store,
  UserRound,
  Video,
  Volume2,
  Workflow,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Face, FaceButton, FaceHeader, FaceList, FaceMedia, FacePlace, FaceRow } from "./face";

/** What a person can do with a message on their telephone. */
export interface Presses {
  /** What pressing a button does; one that does nothing is no button here. */
  onPress?: ((button: FaceButton) => (() => void) | undefined) | undefined;
  onPick?: ((row: FaceRow) => void) | undefined;
}

/** The inside of a bubble. Media are loaded only from where `urlOf` says; without it they are named. */
export function MessageFace({
  face,
  urlOf,
  onPress,
  onPick,
}: { face: Face; urlOf?: ((medium: FaceMedia) => string | undefined) | undefined } & Presses) {
  return (
    <div className="grid gap-1.5">
      {face.note ? <p className="break-anywhere text-ink-soft text-xs">{face.note}</p> : null}
      {face.header ? <HeaderPart header={face.header} urlOf={urlOf} /> : null}
      {face.media ? <Medium medium={face.media} urlOf={urlOf} /> : null}
      {face.place ? <Place place={face.place} /> : null}
      {face.people?.map(({ name, lines }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cards have no identity but their place.
        <div key={n} className="flex gap-2 rounded-md bg-sunken p-2 text-sm">
          <UserRound aria-hidden className="size-5 shrink-0 text-ink-soft" />
          <div className="min-w-0">
            <p dir="auto" className="break-anywhere font-medium">
              {name}
            </p>
            {lines.map((line) => (
              <p key={line} className="break-anywhere text-ink-soft text-xs">
                {line}
              </p>
            ))}
          </div>
        </div>
      ))}
      {face.body ? (
        <p className="break-anywhere whitespace-pre-wrap text-start [unicode-bidi:plaintext]">{face.body}</p>
      ) : null}
      {face.values && face.values.length > 0 ? <Values values={face.values} /> : null}
      {face.footer ? <p className="break-anywhere text-ink-soft text-xs">{face.footer}</p> : null}
      {face.products?.map(({ title, ids }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sections have no identity but their place.
        <div key={n} className="grid gap-1 rounded-md bg-sunken p-2 text-sm">
          {title ? <p className="text-ink-soft text-xs">{title}</p> : null}
          {ids.map((id) => (
            <p key={id} className="flex items-center gap-1.5">
              <Store aria-hidden className="size-4 shrink-0 text-ink-soft" />
              <span className="break-anywhere font-mono text-xs">{id}</span>
            </p>
          ))}
        </div>
      ))}
      {face.buttons?.map((button, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no identity but their place.
        <FaceAction key={n} button={button} onPress={onPress} />
      ))}
      {face.list ? <ListPart list={face.list} onPick={onPick} /> : null}
      {face.cards && face.cards.length > 0 ? (
        <ol className="flex gap-2 overflow-x-auto pb-1">
          {face.cards.map((card, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: cards have no identity but their place.
            <li key={n} className="w-44 shrink-0 rounded-md border border-line bg-panel p-2">
              <MessageFace face={card} urlOf={urlOf} onPress={onPress} />
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}

function HeaderPart({
  header,
  urlOf,
}: {
  header: FaceHeader;
  urlOf: ((medium: FaceMedia) => string | undefined) | undefined;
}) {
  if (header.media) {
    return <Medium medium={header.media} urlOf={urlOf} />;
  }
  if (header.place) {
    return <Place place={header.place} />;
  }
  return (
    <p dir="auto" className="break-anywhere font-semibold">
      {header.text ?? header.product}
    </p>
  );
}

const icons: Record<FaceMedia["kind"], LucideIcon> = {
  image: Image,
  video: Video,
  audio: Volume2,
  document: FileText,
  sticker: Sticker,
};

function Medium({
  medium,
  urlOf,
}: {
  medium: FaceMedia;
  urlOf: ((medium: FaceMedia) => string | undefined) | undefined;
}) {
  const { t } = useTranslation("domain");
  const url = medium.url ?? urlOf?.(medium);
  const name = medium.filename ?? t(medium.voice ? "face.voice" : `face.media.${medium.kind}`);
  if (url && (medium.kind === "image" || medium.kind === "sticker")) {
    return (
      <img
        src={url}
        alt={name}
        loading="lazy"
        className={clsx("max-h-56 rounded-md object-contain", medium.kind === "sticker" ? "w-24" : "w-full bg-sunken")}
      />
    );
  }
  if (url && medium.kind === "video") {
    // biome-ignore lint/a11y/useMediaCaption: what people send has no captions.
    return <video src={url} controls preload="metadata" aria-label={name} className="max-h-56 w-full rounded-md" />;
  }
  if (url && medium.kind === "audio") {
    // biome-ignore lint/a11y/useMediaCaption: what people say has no captions.
    return <audio src={url} controls preload="metadata" aria-label={name} className="w-full" />;
  }
  const Icon = medium.voice ? Mic : icons[medium.kind];
  const content = (
    <>
      <Icon aria-hidden className="size-5 shrink-0" />
      <span className="truncate">{medium.filename ?? medium.link ?? name}</span>
    </>
  );
  const look = "flex items-center gap-2 rounded-md bg-sunken p-3 text-ink-soft text-xs";
  return url ? (
    <a href={url} download className={clsx(look, "link")}>
      {content}
    </a>
  ) : (
    <p className={look}>{content}</p>
  );
}

function Place({ place }: { place: FacePlace }) {
  return (
    <div className="flex gap-2 rounded-md bg-sunken p-2 text-sm">
      <MapPin aria-hidden className="size-5 shrink-0 text-ink-soft" />
      <div className="min-w-0">
        {place.name ? <p className="break-anywhere font-medium">{place.name}</p> : null}
        {place.address ? <p className="break-anywhere text-ink-soft text-xs">{place.address}</p> : null}
        <p className="font-mono text-ink-soft text-xs">
          {place.latitude}, {place.longitude}
        </p>
      </div>
    </div>
  );
}

function Values({ values }: { values: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className="grid gap-1 text-sm">
      {values.map(([name, value], n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values have no identity but their place.
        <div key={n} className="flex gap-2">
          <dt className="shrink-0 font-mono text-ink-soft text-xs leading-5">{name}</dt>
          <dd dir="auto" className="break-anywhere">
            {value || "…"}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const actions: Record<FaceButton["does"], LucideIcon> = {
  reply: Reply,
  url: Link2,
  phone: Phone,
  copy: Copy,
  flow: Workflow,
  catalog: Store,
  location: MapPin,
  address: MapPin,
  contact: UserRound,
};

function FaceAction({ button, onPress }: { button: FaceButton; onPress: Presses["onPress"] }) {
  const Icon = actions[button.does];
  const content = (
    <>
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className="truncate">{button.label}</span>
    </>
  );
  const look = "flex min-h-7 items-center justify-center gap-1.5 border-line border-t pt-1 text-sm";
  const press = onPress?.(button);
  return press ? (
    <button type="button" className={clsx(look, "text-accent hover:bg-hover")} onClick={press}>
      {content}
    </button>
  ) : (
    <p className={look} title={button.url}>
      {content}
    </p>
  );
}

function ListPart({ list, onPick }: { list: FaceList; onPick: Presses["onPick"] }) {
  return (
    <details className="border-line border-t pt-1 text-sm">
      <summary className="flex min-h-7 cursor-pointer items-center justify-center gap-1.5">
        <List aria-hidden className="size-4 shrink-0" />
        <span className="truncate">{list.button}</span>
      </summary>
      {list.sections.map(({ title, rows }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sections have no identity but their place.
        <div key={n} className="mt-1 grid gap-0.5">
          {title ? <p className="text-ink-soft text-xs">{title}</p> : null}
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: while a list is written, its rows have no ids yet.
            <Row key={place} row={row} onPick={onPick} />
          ))}
        </div>
      ))}
    </details>
  );
}

function Row({ row, onPick }: { row: FaceRow; onPick: Presses["onPick"] }) {
  const content = (
    <>
      <span className="break-anywhere">{row.title}</span>
      {row.description ? <span className="break-anywhere text-ink-soft text-xs">{row.description}</span> : null}
    </>
  );
  const look = "grid min-h-7 rounded-sm px-2 py-1 text-start";
  return onPick ? (
    <button type="button" className={clsx(look, "hover:bg-hover")} onClick={() => onPick(row)}>
      {content}
    </button>
  ) : (
    <p className={look}>{content}</p>
  );
}
