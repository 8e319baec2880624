import { masterKeyOf, type MasterKey } from './master-key.ts'
import { scrypt, type ScryptPool } from './scrypt.ts'
import { checkedCost, type ScryptCost } from './scrypt-cost.ts'

/** What {@link deriveKey} has to do with beside the key. */
export interface DeriveKeyOptions {
  /** Called when it has begun. */
  readonly onDerivation?: (() => void) | undefined
  /** Threads that were started before. */
  readonly pool?: ScryptPool | undefined
}

/** Derives the key that a slot is sealed with, in other threads; says when it has begun, as this one is free from then on. */
export async function deriveKey(
  password: string,
  salt: Uint8Array,
  cost: ScryptCost,
  { onDerivation, pool }: DeriveKeyOptions = {},
): Promise<MasterKey> {
  const deriving = scrypt(password, salt, checkedCost(cost), { pool })
  onDerivation?.()
  return masterKeyOf(await deriving)
}
