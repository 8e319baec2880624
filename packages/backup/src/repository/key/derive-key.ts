import { masterKeyOf, type MasterKey } from './master-key.ts'
import { scrypt } from './scrypt.ts'
import { checkedCost, type ScryptCost } from './scrypt-cost.ts'

/** Derives the key that a slot is sealed with, in other threads; says when it has begun, as this one is free from then on. */
export async function deriveKey(
  password: string,
  salt: Uint8Array,
  cost: ScryptCost,
  onBegun?: () => void,
): Promise<MasterKey> {
  const deriving = scrypt(password, salt, checkedCost(cost))
  onBegun?.()
  return masterKeyOf(await deriving)
}
