import { queryOptions } from "@tanstack/react-query";
import { api, inWorkspace, unwrap } from "./client";
import { keys } from "./keys";

/** A person with what they want no messages of, and the conversations with them. */
export const contactQuery = (workspace: string, contact: string) =>
  queryOptions({
    queryKey: keys.of(workspace, "contacts", "one", contact),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/contacts/{contact_id}", {
          params: { path: { contact_id: contact } },
          headers: inWorkspace(workspace),
          signal,
        }),
      ),
  });
