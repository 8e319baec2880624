/** Where labels of links lead to. */
export type References = ReadonlyMap<string, string>

const definition =
  /^ {0,3}(?:> ?){0,3}\[((?:[^[\]\\]|\\.){1,200})\]:[ \t]+<?([^\s<>]{1,2048})>?(?:[ \t]+["'(].{0,500}["')])?[ \t]*$/
const fence = /^ {0,3}(`{3,}|~{3,})/

/** Takes the definitions of links, `[label]: address`, out of a document; those in code are none. */
export function takeReferences(lines: readonly string[]): {
  readonly lines: readonly string[]
  readonly references: References
} {
  const references = new Map<string, string>()
  let open: string | undefined
  const rest = lines.filter((line) => {
    const mark = fence.exec(line)?.[1]
    if (mark !== undefined) {
      if (open === undefined) open = mark
      else if (mark.startsWith(open)) open = undefined
      return true
    }
    const found = open === undefined && line.includes(']:') ? definition.exec(line) : null
    if (found === null) return true
    const label = labelOf(found[1]!)
    if (!references.has(label)) references.set(label, found[2]!)
    return false
  })
  return { lines: rest, references }
}

/** As labels are compared. */
export function labelOf(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').toLowerCase().toUpperCase()
}
