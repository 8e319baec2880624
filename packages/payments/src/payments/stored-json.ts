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
  const value: unknown = JSON.parse(text)
  // A function that sees every value makes parsing ten times as long; most texts carry a few marks, or none.
  return (text.includes('"$n"') || text.includes('"$d"') ? restore(value) : value) as Value
}

/** In place, from the inside out. */
function restore(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  for (const name of Object.keys(fields)) {
    const field = fields[name]
    if (typeof field === 'object' && field !== null) fields[name] = restore(field)
  }
  if (typeof fields['$n'] === 'string') return BigInt(fields['$n'])
  return typeof fields['$d'] === 'number' ? new Date(fields['$d']) : value
}
