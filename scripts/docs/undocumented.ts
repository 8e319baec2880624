/** The fields of TypeDoc's JSON that are read here. Kinds: 64 function, 128 class, 256 interface. */
export interface Reflection {
  readonly name: string
  readonly kind: number
  readonly children?: readonly Reflection[]
  readonly signatures?: readonly Reflection[]
  readonly type?: { readonly type: string; readonly declaration?: Reflection }
  readonly comment?: unknown
  readonly inheritedFrom?: unknown
}

const functionKind = 64
const interfaceKind = 256

/**
 * What TypeDoc's own validation cannot be asked for without also asking for every `close()`: public functions without a
 * docstring, and options without one on their field. Each as its path of names.
 */
export function undocumented(reflection: Reflection, path: readonly string[] = []): readonly string[] {
  const children = reflection.children ?? []
  return children.flatMap((child) => {
    const at = [...path, child.name]
    return [...problemsOf(child).map((name) => [...at, ...name].join('.')), ...undocumented(child, at)]
  })
}

function problemsOf({ kind, name, signatures = [], children = [] }: Reflection): readonly (readonly string[])[] {
  if (kind === functionKind) return signatures.every(isDocumented) ? [] : [[]]
  if (kind !== interfaceKind || !name.endsWith('Options')) return []
  return children
    .filter((field) => !isDocumented(field) && field.inheritedFrom === undefined)
    .map((field) => [field.name])
}

/** A function-typed field and a method carry their docstring on the signature. */
function isDocumented({ comment, signatures, type }: Reflection): boolean {
  if (comment !== undefined) return true
  const own = signatures ?? type?.declaration?.signatures ?? []
  return own.length > 0 && own.every((signature) => signature.comment !== undefined)
}
