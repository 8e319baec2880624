/** Longer tokens are indexed by their beginning: who looks for one has to look at the values. */
export const longestIndexedToken = 64

/** FNV-1a over the bytes of a token, which are ASCII in lower case. */
export function tokenHash(token: string): number {
  let hash = 0x811c_9dc5
  for (let index = 0; index < token.length; index++) hash = Math.imul(hash ^ token.charCodeAt(index), 0x0100_0193)
  return hash >>> 0
}

/** Spreads a hash over all of its bits: the finaliser of MurmurHash3. */
export function mixHash(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
