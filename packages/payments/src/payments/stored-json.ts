/** JSON that keeps bigints and dates: `{"$n":"4990"}`, `{"$d":1767225600000}`. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, function encode(this: Readonly<Record<string, unknown>>, key, seen: unknown) {
    const plain = this[key]
    if (typeof plain === 'bigint') return { $n: String(plain) }
    return plain instanceof Date ? { $d: plain.getTime() } : seen
  })
}

/** The other way round. */
export function decodeJson<Value>(text: string): Value {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if ('$n' in value && typeof value.$n === 'string') return BigInt(value.$n)
    return '$d' in value && typeof value.$d === 'number' ? new Date(value.$d) : value
  }) as Value
}
