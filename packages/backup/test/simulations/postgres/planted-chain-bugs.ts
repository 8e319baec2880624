import type { BlobReader, ContentId, TreeNode } from '@exprsn/backup'

/** What puts a chain of backups together wrongly, seen from where it reads: each must be noticed. */
export const plantedChainBugs: Readonly<Record<string, (reader: BlobReader) => BlobReader>> = {
  'changed pages come out empty': inIncrements((bytes, { data }) => bytes.fill(0, data)),
  'two changed pages are taken for each other': inIncrements((bytes, { data }) => {
    if (bytes.length < data + 2 * page) return
    const first = Buffer.from(bytes.subarray(data, data + page))
    bytes.copyWithin(data, data + page, data + 2 * page)
    bytes.set(first, data + page)
  }),
  'changed pages come one place too late': inIncrements((bytes, { count }) => {
    for (let index = 0; index < count && 16 + 4 * index <= bytes.length; index++)
      bytes.writeUInt32LE(bytes.readUInt32LE(12 + 4 * index) + 1, 12 + 4 * index)
  }),
  'pages that did not change are left out': inIncrements((bytes) => bytes.writeUInt32LE(0, 8)),
  'pages are read one page too early': inIncrements((bytes, { data }) => {
    if (bytes.length > data) bytes.copyWithin(data, data - page, bytes.length - page)
  }),
  'the last changed page is lost': inIncrements((bytes, { data }) => {
    if (bytes.length > data) bytes.fill(0, bytes.length - page)
  }),
  'a bit of a changed page flips': inIncrements((bytes, { data }) => {
    if (bytes.length > data + page / 2) bytes[data + page / 2]! ^= 1
  }),
  'a backup between is passed over': skippingParents,
  'what tablespaces hold is left out': inTrees((nodes) => nodes.filter(({ name }) => !/^PG_\d/.test(String(name)))),
  'the newest file of a database is left out': inTrees((nodes) => {
    const newest = Math.max(...nodes.map(({ name, type }) => (type === 'file' && isRelation(name) ? Number(name) : 0)))
    return nodes.filter(({ name }) => name !== String(newest))
  }),
  'WAL is left out': inTrees((nodes) => nodes.filter(({ name }) => !/^[0-9A-F]{24}/.test(String(name)))),
}

const page = 8_192
const magic = 0xd3ae1f0d

function isRelation(name: TreeNode['name']): boolean {
  return /^\d+$/.test(String(name)) && Number(name) >= 16_384
}

interface Place {
  /** Pages that the file holds. */
  readonly count: number
  /** Where they begin. */
  readonly data: number
}

/** Changes the beginning of every file that holds only changes. */
function inIncrements(change: (bytes: Buffer, place: Place) => void): (reader: BlobReader) => BlobReader {
  return (reader) => ({
    ...reader,
    async read(type, id, options) {
      const bytes = await reader.read(type, id, options)
      const copy = Buffer.from(bytes)
      if (copy.length < 12 || copy.readUInt32LE(0) !== magic) return bytes
      const count = copy.readUInt32LE(4)
      change(copy, { count, data: count === 0 ? 12 : Math.ceil((12 + 4 * count) / page) * page })
      return copy
    },
  })
}

function inTrees(change: (nodes: readonly TreeNode[]) => TreeNode[]): (reader: BlobReader) => BlobReader {
  return (reader) => ({ ...reader, readTree: async (id, options) => change(await reader.readTree(id, options)) })
}

/** Each backup is taken for one that builds on the first. */
function skippingParents(reader: BlobReader): BlobReader {
  const factsOf = async (tree: ContentId): Promise<{ readonly parentTree?: ContentId } | undefined> => {
    const node = (await reader.readTree(tree)).find(({ name }) => name === 'backup.json')
    const [id] = node?.content ?? []
    return id === undefined ? undefined : JSON.parse(Buffer.from(await reader.read('data', id)).toString())
  }
  return {
    ...reader,
    async read(type, id, options) {
      const bytes = await reader.read(type, id, options)
      if (!Buffer.from(bytes.subarray(0, 400)).includes('"systemIdentifier"')) return bytes
      const facts = JSON.parse(Buffer.from(bytes).toString())
      for (let parent = facts.parentTree; parent !== undefined; parent = (await factsOf(parent))?.parentTree)
        facts.parentTree = parent
      return Buffer.from(JSON.stringify(facts))
    },
  }
}
