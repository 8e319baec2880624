import { scrypt } from 'node:crypto'
import type { ScryptCost } from './scrypt-cost.ts'

/** 64 bytes by OpenSSL's scrypt (RFC 7914) on libuv's pool: what the fast one is compared with, and used where that cannot run. */
export function scryptPlain(password: string, salt: Uint8Array, { N, r, p }: ScryptCost): Promise<Uint8Array> {
  const maxmem = 128 * N * r + 2 ** 22 + 128 * r * p
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 64, { N, r, p, maxmem }, (error, derived) =>
      error === null ? resolve(derived) : reject(error),
    )
  })
}
