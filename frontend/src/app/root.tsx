import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useSessionStanding } from "../api/session-state";

const SessionDialog = lazy(() => import("./session-dialog").then((part) => ({ default: part.SessionDialog })));

export function Root() {
  const standing = useSessionStanding();
  return (
    <>
      <Suspense>
        <Outlet />
      </Suspense>
      {standing === "expired" && (
        <Suspense>
          <SessionDialog />
        </Suspense>
      )}
    </>
  );
}
