import { scrypt } from 'node:crypto'
import { repositoryErrors } from '../errors.ts'
import { masterKeyOf, type MasterKey } from './master-key.ts'

/** Cost of deriving a key from a password: RFC 7914. Memory is 128 · N · r bytes. */
export interface ScryptCost {
  /** A power of two. */
  readonly N: number
  readonly r: number
  readonly p: number
}

/** What restic's calibration chooses on the machines of our day: about 0.3 s. */
export const defaultScryptCost: ScryptCost = { N: 32_768, r: 8, p: 4 }

/** A key file may come from anybody: beyond this, opening it would take gigabytes or minutes. */
const mostMemory = 2 ** 30
const mostWork = 2 ** 28

/** Derives the key that a slot is sealed with, on libuv's pool; says when it has begun, as this thread is free from then on. */
export async function deriveKey(
  password: string,
  salt: Uint8Array,
  cost: ScryptCost,
  onBegun?: () => void,
): Promise<MasterKey> {
  const { N, r, p } = checkedCost(cost)
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    scrypt(password, salt, 64, { N, r, p, maxmem: 128 * N * r + 2 ** 22 + 128 * r * p }, (error, derived) =>
      error === null ? resolve(derived) : reject(error),
    )
    onBegun?.()
  })
  return masterKeyOf(bytes)
}

function checkedCost(cost: ScryptCost): ScryptCost {
  const { N, r, p } = cost
  const counts = [N, r, p].every((value) => Number.isSafeInteger(value) && value > 0)
  if (!counts || N < 2 || !Number.isInteger(Math.log2(N)) || 128 * N * r > mostMemory || N * r * p > mostWork)
    throw repositoryErrors.BACKUP_REPOSITORY_OPTION_INVALID({ reason: `scrypt cannot run with N ${N}, r ${r}, p ${p}` })
  return cost
}
