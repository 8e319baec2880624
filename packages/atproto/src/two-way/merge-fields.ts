import { isDeepStrictEqual } from 'node:util'
import type { MergeVersions } from '../publish/index.ts'

/**
 * The default of the policy `merge`: of each field the version of the side that alone has changed it, of what both have
 * changed the host's. An edit is stronger than a deletion.
 */
export function mergeFields<Item>({ base, local, remote }: MergeVersions<Item>): Item | undefined {
  if (local === undefined || remote === undefined) return local ?? remote
  if (!isRecord(local) || !isRecord(remote)) return local
  const known: Readonly<Record<string, unknown>> = isRecord(base) ? base : {}
  const merged: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(local), ...Object.keys(remote)])) {
    const isLocalChanged = !isDeepStrictEqual(own(local, name), own(known, name))
    const value = own(isLocalChanged ? local : remote, name)
    if (value !== undefined)
      Object.defineProperty(merged, name, { value, enumerable: true, writable: true, configurable: true })
  }
  return merged as Item
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** Not what a prototype has under that name. */
function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
