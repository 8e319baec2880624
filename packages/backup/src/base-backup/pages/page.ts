/** Bytes of a page of a relation, as PostgreSQL is built nearly everywhere. */
export const pageSize = 8_192

/** Pages of a whole file of a relation, of which a relation beyond 1 GiB has several. */
export const pagesPerSegment = 131_072
