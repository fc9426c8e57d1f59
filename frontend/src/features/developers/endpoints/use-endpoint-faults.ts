import { useTranslation } from "react-i18next";
import type { Problem } from "../../../api/problem";
import type { EndpointFaults, EndpointValues } from "./endpoint-fields";

const LONGEST = 200;

/** What can be told before the server is asked. */
export function useEndpointFaults(): {
  before: (values: EndpointValues) => EndpointFaults;
  said: (problem: Problem | undefined) => EndpointFaults;
} {
  const { t } = useTranslation("webhook-endpoints");
  return {
    before: ({ url, description, all, kinds }) => ({
      ...(url.trim() === "" && { url: t("form.error.url") }),
      ...(Array.from(description.trim()).length > LONGEST && {
        description: t("form.error.description", { count: LONGEST }),
      }),
      ...(!all && kinds.length === 0 && { kinds: t("form.error.kinds") }),
    }),
    said: (problem) => {
      const faults: EndpointFaults = {};
      for (const { field, message } of problem?.errors ?? []) {
        if (field === "url" || field === "description") {
          faults[field] ??= message;
        } else if (field.startsWith("event_types")) {
          faults.kinds ??= message;
        }
      }
      return faults;
    },
  };
}
