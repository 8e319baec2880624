import type { TreeNode } from '../../repository/index.ts'

/** Which version of an object an entry is. */
export interface VersionFacts {
  readonly id: string
  /** How many versions of the object are newer; 0 is the latest. Times alone do not order those of one second. */
  readonly age: number
  /** The entry has no content: it says that the object was deleted then. */
  readonly deleted: boolean
}

/** What a snapshot keeps of an object beside its content, size and time. */
export interface ObjectFacts {
  readonly etag: string
  readonly contentType?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** The key's last part, where the entry has another name because a folder or the latest version has that one. */
  readonly name?: string | undefined
  /** Left out where versions were not asked for. */
  readonly version?: VersionFacts | undefined
}

/** An extended attribute that Linux lets every user set, so that other programs restore it, too. */
const attributeName = 'user.exprsn.object'

/** The facts as an extended attribute of the entry: equal facts give equal bytes. */
export function encodeFacts({
  etag,
  contentType,
  metadata,
  name,
  version,
}: ObjectFacts): TreeNode['extendedAttributes'] {
  const fields = Object.entries(metadata ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1))
  const facts = {
    etag,
    ...(contentType === undefined ? {} : { contentType }),
    ...(fields.length === 0 ? {} : { metadata: Object.fromEntries(fields) }),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version: { id: version.id, age: version.age, deleted: version.deleted } }),
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
  const { etag, contentType, metadata, name, version } = value as Record<string, unknown>
  if (typeof etag !== 'string' || !isOptionalText(contentType) || !isOptionalText(name)) return false
  if (name?.includes('/') || name === '') return false
  if (version !== undefined && !isVersion(version)) return false
  if (metadata === undefined) return true
  return typeof metadata === 'object' && metadata !== null && Object.values(metadata).every(isText)
}

function isVersion(value: unknown): value is VersionFacts {
  if (typeof value !== 'object' || value === null) return false
  const { id, age, deleted } = value as Record<string, unknown>
  return isText(id) && Number.isSafeInteger(age) && typeof deleted === 'boolean'
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || isText(value)
}
