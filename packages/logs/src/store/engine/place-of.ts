/** The part of a record's id before its last dash, and the number behind it. */
export function placeOf(id: string): { readonly source: string; readonly sequence: number } {
  const dash = id.lastIndexOf('-')
  return { source: id.slice(0, Math.max(0, dash)), sequence: Number(id.slice(dash + 1)) }
}
