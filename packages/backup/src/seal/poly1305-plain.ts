const prime = (1n << 130n) - 5n
const lowest128 = (1n << 128n) - 1n
/** RFC 8439, section 2.5: these bits of r have to be clear. */
const clamp = 0x0ffffffc0ffffffc0ffffffc0fffffffn

/**
 * Poly1305 (RFC 8439, section 2.5) as the book has it: what the fast one is compared with, and used where there is no
 * WebAssembly with vectors. `r` and `s` are 16 bytes each; `r` is clamped here.
 */
export function poly1305Plain(r: Uint8Array, s: Uint8Array, message: Uint8Array): Uint8Array {
  const point = littleEndian(r) & clamp
  let value = 0n
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16)
    value = ((value + littleEndian(block) + (1n << BigInt(8 * block.length))) * point) % prime
  }
  const tag = (value + littleEndian(s)) & lowest128
  return Uint8Array.from(Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').reverse())
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}
