/** The words of a closed list by their numbers. The `Record` does not compile when a word is missing or unknown. */
export function inOrder<Word extends string>(order: Record<Word, number>): readonly Word[] {
  const words: Word[] = [];
  for (const word in order) {
    words.push(word);
  }
  return words.sort((a, b) => order[a] - order[b]);
}
