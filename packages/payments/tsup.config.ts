import { packageBuild } from '../../scripts/tsup.ts'

// oxlint-disable-next-line import/no-default-export -- tsup reads the default export
export default packageBuild({ entries: { 'reconcile/join.worker': 'src/reconcile/files/join.worker.ts' } })
