import { TaskFailure } from './task.ts'

/** The one word that a task takes beside its options, or undefined when it was left out. */
export function onlyWord(words: readonly string[]): string | undefined {
  if (words.length > 1) throw new TaskFailure(`Unexpected argument '${words[1]}'.`)
  return words[0]
}
