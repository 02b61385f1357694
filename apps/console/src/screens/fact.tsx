import { toHex } from '@tallystick/protocol';
import type { JSX } from 'preact';
import { fromBase64url } from '../data/passkey.ts';
import type { FactRow, Listed } from '../data/shapes.ts';
import { useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Card, Facts, Id, PurseLink } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';

/** One authentic record, wherever it was seen. */
export function OneFact({ id }: { readonly id: string }): JSX.Element {
  const { fact: says, kinds, yes, no, payment } = useWords();
  const loaded = useLoaded<Listed<FactRow>>(`/v1/facts/${id}`);
  const bytes = (text: string): string => toHex(fromBase64url(text));
  return (
    <Room title={says.title} lead={id}>
      <Shown loaded={loaded}>
        {({ items }) =>
          items.map((row) => (
            <Card key={`${row.purse} ${row.inLog}`} title={kinds[row.kind] ?? row.kind}>
              <Facts
                of={[
                  [payment.id, <Id of={row.id} />],
                  [says.purse, <PurseLink of={row.purse} />],
                  [says.position, row.seq],
                  [says.certificate, <Id of={row.certificate} />],
                  [says.algorithm, row.algorithm],
                  [says.inLog, row.inLog ? yes : no],
                  [
                    says.signature,
                    row.signature === null ? says.unsigned : <Id of={bytes(row.signature)} />,
                  ],
                  [says.payload, <Id of={bytes(row.payload)} />],
                ]}
              />
            </Card>
          ))
        }
      </Shown>
    </Room>
  );
}
