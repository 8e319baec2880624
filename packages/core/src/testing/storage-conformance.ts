import type { ObjectStore } from '../storage/object-store.ts'
import type { ConformanceCase } from './conformance.ts'
import { conditionCases } from './storage-conformance/conditions.ts'
import { contentCases } from './storage-conformance/content.ts'
import { keyCases } from './storage-conformance/keys.ts'
import { versionCases } from './storage-conformance/versions.ts'

/**
 * What every implementation of the object-store port has to do. Each case gets a store with no objects in it.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@exprsn/core/storage'
 * import { storageConformance } from '@exprsn/core/testing'
 *
 * for (const requirement of storageConformance) await requirement.run(memoryStore())
 * ```
 */
export const storageConformance: readonly ConformanceCase<ObjectStore>[] = [
  ...contentCases,
  ...conditionCases,
  ...keyCases,
]

/**
 * What an implementation of the object-store port with `versions` has to do beside {@link storageConformance}. Each case gets a
 * store that keeps versions and holds none.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@exprsn/core/storage'
 * import { storageVersionsConformance } from '@exprsn/core/testing'
 *
 * for (const requirement of storageVersionsConformance) await requirement.run(memoryStore({ versions: true }))
 * ```
 */
export const storageVersionsConformance: readonly ConformanceCase<ObjectStore>[] = versionCases
