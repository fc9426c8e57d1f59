import type { TFunction } from "i18next";
import type { AnyContent, Direction } from "../api/schema.gen";
import { type Face, faceOf } from "./face";

/** What a message says, in one piece of text: its words, or what it is when it has none. */
export function contentText(message: { direction: Direction; content: AnyContent }, t: TFunction<"domain">): string {
  const { content } = message;
  if (content.type === "template") {
    const values = (content.body ?? []).map(({ text }) => text).join(" · ");
    const { name } = content;
    return values === "" ? t("content.template", { name }) : t("content.templateWith", { name, values });
  }
  if (content.type === "one_time_code") {
    return t("content.template", { name: content.name });
  }
  return faceText(faceOf(message, t), t);
}

/** A face in one line. */
export function faceText(face: Face, t: TFunction<"domain">): string {
  const medium = face.media ?? face.header?.media;
  const parts = [
    medium && (medium.voice ? t("face.voice") : (medium.filename ?? t(`face.media.${medium.kind}`))),
    face.place && (face.place.name ?? t("face.place")),
    face.people?.map(({ name }) => name).join(", "),
    face.header?.text,
    face.note,
    face.body,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}
