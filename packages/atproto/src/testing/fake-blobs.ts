import { Cid, cidOf, type DataObject, type DataValue } from '../codec/index.ts'
import type { FakeBlob } from './fake-account.ts'
import type { StoredRecord } from './fake-repo.ts'

/** Keeps uploaded bytes. The type is what the bytes look like, whatever their sender called them. */
export function storeBlob(blobs: Map<string, FakeBlob>, bytes: Uint8Array, declared: string): FakeBlob {
  const cid = cidOf('raw', bytes)
  const known = blobs.get(String(cid))
  if (known !== undefined) return known
  const blob: FakeBlob = { cid, mimeType: sniff(bytes) ?? declared, bytes: new Uint8Array(bytes), used: false }
  blobs.set(String(cid), blob)
  return blob
}

/** The CIDs of the blobs that a record points to. */
export function linkedBlobs(value: DataValue): string[] {
  if (Array.isArray(value)) return value.flatMap(linkedBlobs)
  if (typeof value !== 'object' || value === null || value instanceof Cid || value instanceof Uint8Array) return []
  const { $type, ref } = value as DataObject
  if ($type === 'blob' && ref instanceof Cid) return [String(ref)]
  return Object.values(value as DataObject).flatMap((item) => (item === undefined ? [] : linkedBlobs(item)))
}

/** Marks what new records use, and drops what no record uses any more. */
export function collectUnused(
  blobs: Map<string, FakeBlob>,
  records: ReadonlyMap<string, StoredRecord>,
  added: readonly string[],
): void {
  for (const cid of added) {
    const blob = blobs.get(cid)
    if (blob !== undefined) blob.used = true
  }
  if (![...blobs.values()].some(({ used }) => used)) return
  const linked = new Set([...records.values()].flatMap(({ value }) => linkedBlobs(value)))
  for (const [cid, { used }] of blobs) if (used && !linked.has(cid)) blobs.delete(cid)
}

const signatures: readonly (readonly [type: string, hex: string, at: number])[] = [
  ['image/png', '89504e470d0a1a0a', 0],
  ['image/jpeg', 'ffd8ff', 0],
  ['image/gif', '474946383', 0],
  ['image/webp', '57454250', 8],
  ['video/mp4', '66747970', 4],
]

function sniff(bytes: Uint8Array): string | undefined {
  const beginning = Buffer.from(bytes.subarray(0, 16)).toString('hex')
  return signatures.find(([, hex, at]) => beginning.startsWith(hex, at * 2))?.[0]
}
