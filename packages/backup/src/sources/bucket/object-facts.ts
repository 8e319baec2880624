import type { TreeNode } from '../../repository/index.ts'

/** What a snapshot keeps of an object beside its content, size and time. */
export interface ObjectFacts {
  readonly etag: string
  readonly contentType?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** The key's last part, where the entry has another name because a folder has that one. */
  readonly name?: string | undefined
}

/** An extended attribute that Linux lets every user set, so that other programs restore it, too. */
const attributeName = 'user.exprsn.object'

/** The facts as an extended attribute of the entry: equal facts give equal bytes. */
export function encodeFacts({ etag, contentType, metadata, name }: ObjectFacts): TreeNode['extendedAttributes'] {
  const fields = Object.entries(metadata ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1))
  const facts = {
    etag,
    ...(contentType === undefined ? {} : { contentType }),
    ...(fields.length === 0 ? {} : { metadata: Object.fromEntries(fields) }),
    ...(name === undefined ? {} : { name }),
  }
  return [{ name: attributeName, value: Buffer.from(JSON.stringify(facts)) }]
}

/** The facts of an entry; undefined when it was no object, or they cannot be read. */
export function factsOf(node: TreeNode): ObjectFacts | undefined {
  const value = node.extendedAttributes?.find(({ name }) => name === attributeName)?.value
  if (value === undefined) return undefined
  try {
    const facts: unknown = JSON.parse(Buffer.from(value).toString())
    return isFacts(facts) ? facts : undefined
  } catch {
    return undefined
  }
}

function isFacts(value: unknown): value is ObjectFacts {
  if (typeof value !== 'object' || value === null) return false
  const { etag, contentType, metadata, name } = value as Record<string, unknown>
  if (typeof etag !== 'string' || !isOptionalText(contentType) || !isOptionalText(name)) return false
  if (name?.includes('/') || name === '') return false
  if (metadata === undefined) return true
  return typeof metadata === 'object' && metadata !== null && Object.values(metadata).every(isText)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || isText(value)
}
