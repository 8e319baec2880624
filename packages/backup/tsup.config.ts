import { packageBuild } from '../../scripts/tsup.ts'

// oxlint-disable-next-line import/no-default-export -- tsup reads the default export
export default packageBuild({
  entries: {
    'files.worker': 'src/sources/files/files.worker.ts',
    'check.worker': 'src/verify/check.worker.ts',
    'restore.worker': 'src/sources/restore/restore.worker.ts',
  },
})
