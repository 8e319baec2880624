import { hash } from 'node:crypto'
import type { GatewayEvent } from '../gateway/gateway-event.ts'
import type { DisputeSnapshot } from '../gateway/snapshot.ts'
import { encodeJson } from './stored-json.ts'

/** Reports from a file as events: the same report always has the same name, so that files may overlap. */
export function importedEvents(reports: readonly DisputeSnapshot[], now: number): readonly GatewayEvent[] {
  return reports.map((snapshot) => ({
    id: `import:${hash('sha256', encodeJson(snapshot), 'hex').slice(0, 32)}`,
    type: 'dispute.imported',
    occurredAt: snapshot.changedAt ?? snapshot.openedAt ?? new Date(now),
    subject: { kind: 'dispute', reference: snapshot.reference, payment: snapshot.payment },
    snapshot,
  }))
}
