import { fenceErrors } from './errors.ts'
import type { FenceFeature } from './feature.ts'

/** The id of a feature as text. @throws `GEO_FENCE_INVALID` for what is no feature, or has none */
export function featureId(feature: FenceFeature, where: string): string {
  if (feature?.type !== 'Feature') throw fenceErrors.GEO_FENCE_INVALID({ where, reason: 'its type is not "Feature"' })
  const { id } = feature
  if ((typeof id !== 'string' && typeof id !== 'number') || String(id) === '')
    throw fenceErrors.GEO_FENCE_INVALID({ where: `${where}.id`, reason: 'a fence needs an id' })
  return String(id)
}
