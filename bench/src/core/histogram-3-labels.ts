import { compareObserving } from './metrics/compare-observing.ts'
import { promClient } from './metrics/peers.ts'
import { promSubject } from './metrics/subjects.ts'

export const benchmark = compareObserving({
  name: 'core/histogram-3-labels',
  target: 10,
  subjects: new Map([[promClient, promSubject]]),
})
