import { Time } from "../../ui/time";

/** The day only where it is not today; the time always to the second, because entries come in bursts. */
export function Moment({ value }: { value: string }) {
  const today = new Date(value).toDateString() === new Date().toDateString();
  return (
    <>
      {today ? null : (
        <>
          <Time value={value} look="short" />{" "}
        </>
      )}
      <Time value={value} look="clock" />
    </>
  );
}
