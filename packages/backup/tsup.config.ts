import { packageBuild } from '../../scripts/tsup.ts'

// oxlint-disable-next-line import/no-default-export -- tsup reads the default export
export default packageBuild({
  entries: {
    'exprsn-wal': 'src/archive/exprsn-wal.ts',
    'files.worker': 'src/sources/files/files.worker.ts',
    'walk.worker': 'src/sources/files/walk.worker.ts',
    'check.worker': 'src/verify/check.worker.ts',
    'restore.worker': 'src/sources/restore/restore.worker.ts',
  },
})
