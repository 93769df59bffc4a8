"""Cache, news and rate limits shared by all processes of the cloud profile. One Redis node, or one primary."""
