import type { Metrics } from '@exprsn/core/metrics'
import { backupInstruments, bytesInWindow } from '../monitoring/index.ts'
import type { DrillEvidence, SourceFigures } from '../postgres/index.ts'
import type { BackupEvent } from './events.ts'

/** Takes what happened, and what was looked at, into a registry. */
export interface BackupMeter {
  /** Counts an event that happened at a time, milliseconds since 1970. */
  event(event: BackupEvent, now: number): void
  /** Notes when the last snapshot of a source was made, also by an earlier process. */
  lastSnapshot(source: string, time: Date): void
  /** Notes how far the log of a source is. */
  figures(source: string, figures: SourceFigures): void
  drill(evidence: DrillEvidence): void
}

/** Registers what backups are measured by. */
export function backupMeter(metrics: Metrics): BackupMeter {
  const instruments = backupInstruments(metrics)
  const setKnown = (
    gauge: { set(value: number, labels: { readonly source: string }): void },
    value: number | undefined,
    source: string,
  ): void => {
    if (value !== undefined) gauge.set(value, { source })
  }
  return {
    event(event, now) {
      switch (event.kind) {
        case 'run-completed': {
          const { source, result } = event
          instruments.runs.add(1, { source, outcome: 'completed' })
          instruments.runSeconds.observe(result.seconds, { source })
          instruments.added.add(result.added, { source })
          instruments.stored.add(result.stored, { source })
          instruments.size.set(result.bytes, { source })
          instruments.window.set(bytesInWindow(result), { source })
          instruments.lastSuccess.set(now / 1_000, { source })
          return
        }
        case 'run-failed':
          return instruments.runs.add(1, { source: event.source, outcome: 'failed' })
        case 'checked':
          return instruments.checkProblems.set(event.report.problems.length)
        case 'alert-firing':
          return instruments.alerts.add(1, { kind: event.alert.kind })
        case 'alert-resolved':
          return instruments.alerts.add(-1, { kind: event.alert.kind })
        default:
      }
    },
    lastSnapshot: (source, time) => instruments.lastSuccess.set(time.getTime() / 1_000, { source }),
    figures(source, { lagBytes, lagSeconds, archiveAge, slotRetained }) {
      setKnown(instruments.walLag, lagBytes, source)
      setKnown(instruments.walLagSeconds, lagSeconds, source)
      setKnown(instruments.walArchiveAge, archiveAge, source)
      setKnown(instruments.slotRetained, slotRetained, source)
    },
    drill({ source, ok, time, recoverySeconds, lossSeconds, bytesInTwoHours }) {
      if (!ok) return
      instruments.drillSuccess.set(Date.parse(time) / 1_000, { source })
      instruments.drillRecovery.set(recoverySeconds, { source })
      instruments.drillWindow.set(bytesInTwoHours, { source })
      setKnown(instruments.drillLoss, lossSeconds, source)
    },
  }
}
