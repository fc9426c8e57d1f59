/** What is wrong with a field of the definition, by its path there. */
export type FaultAt = (field: string) => string | undefined;
