import { compareObserving } from './metrics/compare-observing.ts'
import { openTelemetry } from './metrics/peers.ts'
import { otelSubject } from './metrics/subjects.ts'

export const benchmark = compareObserving({
  name: 'core/histogram-3-labels-otel',
  target: 30,
  subjects: new Map([[openTelemetry, otelSubject]]),
})
