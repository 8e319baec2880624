import { storeErrors } from '../errors.ts'

/** The parts of a cursor, as its form groups them. @throws `LOGS_QUERY_CURSOR` */
export function readCursor(cursor: string, form: RegExp): readonly string[] {
  const parts = form.exec(cursor)
  if (parts === null) throw cursorInvalid(cursor)
  return parts.slice(1)
}

/** Says that a cursor is not one of this question's. */
export function cursorInvalid(cursor: string): Error {
  return storeErrors.LOGS_QUERY_CURSOR({ cursor: cursor.slice(0, 50) })
}
