import type { Repository } from './repository.ts'

const derivations = new WeakMap<Promise<Repository>, Promise<void>>()

/** Remembers when the derivation of the key of a repository that is being opened has begun, or is known not to come. */
export function bindDerivation(opening: Promise<Repository>, begun: Promise<void>): void {
  derivations.set(opening, begun)
}

/**
 * Resolves when a repository that is being opened leaves this thread to others: its key, which takes longer than all else, is
 * derived in another. Until then a number of short calls follow each other, each of which would wait for whatever is done here.
 */
export async function derivationBegun(opening: Promise<Repository>): Promise<void> {
  await derivations.get(opening)
}
