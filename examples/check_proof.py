"""Check a proof made by `halong prove`, without Halong: python check_proof.py PROOF.json [HEAD]

HEAD is a head you kept, or were given by somebody who did: it is what makes this a proof.
"""

import base64
import hashlib
import json
import pathlib
import sys

proof = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
roots = {entry["number"]: entry["root"] for entry in proof["entries"]}
for each in proof["records"]:
    record = base64.b64decode(each["record"])
    node = hashlib.sha256(b"\0" + record).digest()  # RFC 6962: a leaf, then the nodes above it
    for side, sibling in each["path"]:
        other = bytes.fromhex(sibling)
        node = hashlib.sha256(b"\1" + (other + node if side == "left" else node + other)).digest()
    if node.hex() != roots[each["entry"]]:
        sys.exit("FALSE: a record is not under the root of its crawl")
    print(record.partition(b"\r\n\r\n")[0].decode("utf-8", "replace"))
head = None
for entry in proof["entries"]:
    if head not in (None, entry["previous"]):
        sys.exit(f"FALSE: entry {entry['number']} does not go on from the one before")
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    head = hashlib.sha256(text.encode()).hexdigest()
if head != (sys.argv[2] if len(sys.argv) > 2 else proof["head"]):
    sys.exit(f"FALSE: the chain ends with another head, {head}")
print(f"TRUE: all this was in the archive when its head was {head}")
