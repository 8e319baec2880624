import type { Maneuver } from './instruction.ts'
import type { Phrases } from './languages.ts'

/** What a sentence says beside what to do. */
export interface WordingDetails {
  /** Of the road that follows, empty where it has none. */
  readonly name: string
  /** Degrees clockwise from north in which one starts. */
  readonly bearing: number
  readonly exit?: number | undefined
}

/** The sentence that says what to do. */
export function wording(phrases: Phrases, maneuver: Maneuver, { name, bearing, exit }: WordingDetails): string {
  const [plain, named] = phrases.maneuvers[maneuver]
  return (name === '' ? plain : named)
    .replace('{direction}', () => phrases.directions[Math.round(bearing / 45) % 8]!)
    .replace('{exit}', () => (exit === undefined ? '' : (phrases.ordinals[exit - 1] ?? `${exit}.`)))
    .replace('{name}', () => name)
}
