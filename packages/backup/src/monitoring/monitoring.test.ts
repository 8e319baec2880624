import { readFile } from 'node:fs/promises'
import { createMetrics } from '@exprsn/core/metrics'
import { describe, expect, it } from 'vitest'
import { backupInstruments } from './backup-instruments.ts'
import { grafanaDashboard } from './grafana-dashboard.ts'
import { backupMetricsOf } from './metric-names.ts'
import { prometheusRules } from './prometheus-rules.ts'
import { bytesInWindow, describeWindow } from './recovery-window.ts'

const committed = (name: string): Promise<string> =>
  readFile(new URL(`../../../../docs/monitoring/${name}`, import.meta.url), 'utf8')

/** Every name that a query speaks of. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/\b(?:\w+_)?backup_\w+/g)].map(([name]) => name.replace(/_(total|sum|count)$/, ''))
}

describe('what is made from the registry', () => {
  it('is what is committed in docs/monitoring', async () => {
    const metrics = createMetrics()
    const dashboard: unknown = JSON.parse(await committed('backup-dashboard.json'))
    expect(dashboard).toEqual(JSON.parse(JSON.stringify(grafanaDashboard(metrics))))
    expect(prometheusRules(metrics)).toBe(await committed('backup-rules.yaml'))
  })

  it('speaks of metrics that there are, under the prefix of the registry', () => {
    const metrics = createMetrics({ prefix: 'app' })
    metrics.gauge({ name: 'other', help: 'Nothing of ours.' })
    const names = backupMetricsOf(metrics).map(({ name }) => name)
    expect(names).toContain('app_backup_wal_lag_bytes')
    const { panels } = grafanaDashboard(metrics)
    const asked = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr)))
    expect(new Set(asked)).toEqual(new Set(names))
    const inRules = [...prometheusRules(metrics).matchAll(/expr: (.*)/g)].flatMap(([, text]) => namesIn(text!))
    expect(inRules.length).toBeGreaterThan(7)
    for (const name of inRules) expect(names).toContain(name)
  })

  it('writes the samples that are asked for', async () => {
    const metrics = createMetrics()
    const instruments = backupInstruments(metrics)
    const source = 'db'
    instruments.runs.add(1, { source, outcome: 'failed' })
    instruments.runSeconds.observe(3, { source })
    instruments.lastSuccess.set(1, { source })
    let text = ''
    for await (const piece of metrics.text()) text += piece
    for (const sample of ['backup_runs_total{', 'backup_run_seconds_sum{', 'backup_last_success_timestamp_seconds{'])
      expect(text).toContain(sample)
  })

  it('takes thresholds', () => {
    const rules = prometheusRules(createMetrics(), {
      drillAge: '31d',
      slotRetained: 5,
      snapshotAge: '2h',
      group: "it's",
    })
    expect(rules).toContain(`> ${31 * 86_400}`)
    expect(rules).toContain('backup_slot_retained_bytes > 5')
    expect(rules).toContain('> 7200')
    expect(rules).toContain("name: 'it''s'")
    expect(grafanaDashboard(createMetrics(), { title: 'Mine', uid: 'mine' })).toMatchObject({
      title: 'Mine',
      uid: 'mine',
    })
  })
})

describe('describeWindow', () => {
  it.each([
    [{ bytes: 42e9, seconds: 300 }, {}, 'At 140.0 MB/s a backup of 1.0 TB fits into 2 h.'],
    [{ bytes: 999, seconds: 1 }, { window: '1m', what: 'restore' }, 'At 999 B/s a restore of 59.9 kB fits into 1 m.'],
    [{ bytes: 0, seconds: 1 }, {}, 'No backup was measured yet.'],
    [{ bytes: 1, seconds: 0 }, { what: 'restore' }, 'No restore was measured yet.'],
  ] as const)('says what fits: %j', (rate, options, expected) => expect(describeWindow(rate, options)).toBe(expected))

  it('is a rule of three', () => expect(bytesInWindow({ bytes: 100, seconds: 2 }, '10s')).toBe(500))
})
