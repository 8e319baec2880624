import type { BackupFile, BackupSink } from './sink.ts'

/** Hands a sink a file whose content is at hand. */
export async function putContent(sink: BackupSink, file: Omit<BackupFile, 'size'>, content: Uint8Array): Promise<void> {
  sink.file({ ...file, size: content.length })
  if (content.length > 0) await sink.write(content)
  await sink.endFile()
}
