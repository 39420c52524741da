# Prints the targets of a Makefile with their descriptions, grouped: `##@ Group` and `target: … ## description`.
BEGIN { FS = ":.*## "; print "Usage: make <target>" }
/^##@ / { printf "\n%s\n", substr($0, 5) }
/^[a-z][a-z0-9-]*:.*## / { printf "  %-17s %s\n", $1, $2 }
