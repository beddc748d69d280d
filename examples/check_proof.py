"""Check a proof made by `halong prove`, without Halong: python check_proof.py PROOF.json [HEAD]

HEAD is a head you kept, or were given by somebody who did: it is what makes this a proof.
"""

import base64
import hashlib
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    proof = json.load(file)
record = base64.b64decode(proof["record"])
node = hashlib.sha256(b"\0" + record).digest()  # RFC 6962: a leaf, then the nodes above it
for side, sibling in proof["path"]:
    other = bytes.fromhex(sibling)
    node = hashlib.sha256(b"\1" + (other + node if side == "left" else node + other)).digest()
if node.hex() != proof["entries"][0]["root"]:
    sys.exit("FALSE: the record is not under the root of its crawl")
head = None
for entry in proof["entries"]:
    if head not in (None, entry["previous"]):
        sys.exit(f"FALSE: entry {entry['number']} does not go on from the one before")
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    head = hashlib.sha256(text.encode()).hexdigest()
if head != (sys.argv[2] if len(sys.argv) > 2 else proof["head"]):
    sys.exit(f"FALSE: the chain ends with another head, {head}")
print(record.partition(b"\r\n\r\n")[0].decode("utf-8", "replace"))
print(f"TRUE: this record was in the archive when its head was {head}")
